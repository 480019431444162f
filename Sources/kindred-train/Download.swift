import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A download into a file, continued where an earlier one stopped.
struct Download {
    let url: URL
    /// What has arrived so far.
    let part: URL

    func run() async throws {
        let files = FileManager.default
        if !files.fileExists(atPath: part.path), !files.createFile(atPath: part.path, contents: nil) {
            throw Failure(.cannotWrite, "cannot write \(part.path)")
        }
        let handle: FileHandle
        let start: UInt64
        do {
            handle = try FileHandle(forWritingTo: part)
            start = try handle.seekToEnd()
        } catch {
            throw Failure(.cannotWrite, "cannot write \(part.path): \(error.localizedDescription)")
        }
        var request = URLRequest(url: url, timeoutInterval: 30)
        if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
        let receiver = Receiver(handle: handle)
        let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        do {
            try await receiver.receive(session.dataTask(with: request))
            try handle.synchronize()
            try handle.close()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .unavailable,
                """
                \(url.absoluteString) cannot be downloaded: \(error.localizedDescription)
                Run the command again to continue, or get ml-100k.zip some other way, unpack it and name the folder \
                with --data or MOVIELENS_100K. To try Kindred without it: kindred-train train --synthetic.
                """)
        }
    }
}

/// Writes what a session receives. A session calls its delegate on one serial queue, and `state` is locked besides.
private final class Receiver: NSObject, URLSessionDataDelegate {
    private struct State {
        var continuation: CheckedContinuation<Void, any Error>?
        var failure: (any Error)?
    }

    private let handle: FileHandle
    private let state = Mutex(State())

    init(handle: FileHandle) {
        self.handle = handle
    }

    func receive(_ task: URLSessionDataTask) async throws {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.continuation = continuation }
            task.resume()
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        do {
            switch status {
            case 206: break
            case 200: try handle.truncate(atOffset: 0)
            // The part is whole already, or longer than the file: the checksum will tell.
            case 416: return completionHandler(.cancel)
            default: throw Failure(.unavailable, "the server answers with HTTP \(status); try again later")
            }
            completionHandler(.allow)
        } catch {
            state.withLock { $0.failure = error }
            completionHandler(.cancel)
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            let failure = Failure(.cannotWrite, "the download cannot be written: \(error.localizedDescription)")
            state.withLock { $0.failure = failure }
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let isWhole = (task.response as? HTTPURLResponse)?.statusCode == 416
        let (continuation, failure) = state.withLock { state in
            defer { state.continuation = nil }
            return (state.continuation, state.failure ?? (isWhole ? nil : error))
        }
        if let failure { continuation?.resume(throwing: failure) } else { continuation?.resume() }
    }
}
