#if canImport(Glibc)
    internal import Glibc
#endif

/// Memory that starts at a cache line.
///
/// Safe to share: written only by the one that makes it, before anyone else can see it.
final class AlignedBlock<Element: BitwiseCopyable>: @unchecked Sendable {
    let elements: UnsafeMutableBufferPointer<Element>

    init(repeating value: Element, count: Int) {
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        // Pages of 2 MiB spare a long scan most of its address look-ups, and the prefetcher most of its stops.
        let hugePage = 2 << 20
        let isHuge = bytes >= 4 * hugePage
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isHuge ? hugePage : 64)
        #if canImport(Glibc)
            // Advice: a kernel that does not take it serves the same bytes from small pages.
            if isHuge { _ = madvise(raw, bytes, MADV_HUGEPAGE) }
        #endif
        let base = raw.bindMemory(to: Element.self, capacity: count)
        base.initialize(repeating: value, count: count)
        elements = UnsafeMutableBufferPointer(start: base, count: count)
    }

    deinit { UnsafeMutableRawPointer(elements.baseAddress!).deallocate() }
}
