/// A doubly linked list laid out in an array, newest at the front; every operation is O(1).
///
/// Links are indices, so there is no object per element to allocate, count or chase, and a slot left by a
/// removed element is used again.
@usableFromInline
struct RecencyList<Element: Sendable>: Sendable {
    /// Names an element from its insertion to its removal.
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline let index: Int32

        @inlinable init(index: Int32) { self.index = index }
    }

    @inlinable static var none: Int32 { -1 }

    @usableFromInline
    struct Node: Sendable {
        /// nil while the slot is free.
        @usableFromInline var element: Element?
        /// Towards the front.
        @usableFromInline var newer: Int32
        /// Towards the back; in a free slot the next free one.
        @usableFromInline var older: Int32

        @inlinable init(element: Element) {
            self.element = element
            newer = none
            older = none
        }
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var front = none
    @usableFromInline var back = none
    @usableFromInline var firstFree = none

    @inlinable init() {}

    /// The element used longest ago.
    @inlinable var last: Slot? { back == Self.none ? nil : Slot(index: back) }

    @inlinable subscript(slot: Slot) -> Element {
        get { nodes[Int(slot.index)].element! }
        set { nodes[Int(slot.index)].element = newValue }
    }

    @inlinable mutating func insertAtFront(_ element: Element) -> Slot {
        let index: Int32
        if firstFree == Self.none {
            index = Int32(nodes.count)
            nodes.append(Node(element: element))
        } else {
            index = firstFree
            firstFree = nodes[Int(index)].older
            nodes[Int(index)].element = element
        }
        linkAtFront(index)
        return Slot(index: index)
    }

    @inlinable mutating func moveToFront(_ slot: Slot) {
        guard slot.index != front else { return }
        unlink(slot.index)
        linkAtFront(slot.index)
    }

    @inlinable mutating func remove(_ slot: Slot) -> Element {
        unlink(slot.index)
        let element = nodes[Int(slot.index)].element.take()!
        nodes[Int(slot.index)].older = firstFree
        firstFree = slot.index
        return element
    }

    @inlinable mutating func linkAtFront(_ index: Int32) {
        nodes[Int(index)].newer = Self.none
        nodes[Int(index)].older = front
        if front == Self.none { back = index } else { nodes[Int(front)].newer = index }
        front = index
    }

    @inlinable mutating func unlink(_ index: Int32) {
        let newer = nodes[Int(index)].newer
        let older = nodes[Int(index)].older
        if newer == Self.none { front = older } else { nodes[Int(newer)].older = older }
        if older == Self.none { back = newer } else { nodes[Int(older)].newer = newer }
    }
}
