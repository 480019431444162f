import Crypto
import Foundation

/// Brings MovieLens 100k into `<home>/data/ml-100k`.
struct Fetcher {
    static let groupLens = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
    /// As GroupLens publishes it beside the archive; MD5 is all they give, and it is enough against a broken transfer.
    static let md5 = "0e33842e24a9c977be4e0107933c0723"

    let url: URL
    let home: URL

    var folder: URL { home.appending(path: "data/ml-100k", directoryHint: .isDirectory) }

    /// Downloads, verifies and unpacks, unless the folder is there already.
    ///
    /// - Returns: false when nothing had to be done.
    /// - Throws: `Failure`, `unavailable` when the network or the server does not answer.
    @discardableResult
    func fetch() async throws -> Bool {
        let files = FileManager.default
        if files.fileExists(atPath: folder.appending(path: "u.data").path) { return false }
        let data = folder.deletingLastPathComponent()
        try writing(to: data) { try files.createDirectory(at: data, withIntermediateDirectories: true) }
        let archive = data.appending(path: "ml-100k.zip")
        if !files.fileExists(atPath: archive.path) {
            let part = data.appending(path: "ml-100k.zip.part")
            Console.note("downloading \(url.absoluteString)")
            try await Download(url: url, part: part).run()
            try verify(part)
            try writing(to: archive) { try files.moveItem(at: part, to: archive) }
        } else {
            try verify(archive)
        }
        try await unpack(archive)
        return true
    }

    /// The first part of the data set's README: what its licence allows.
    func licence() throws -> String {
        let readme = folder.appending(path: "README")
        guard let bytes = FileManager.default.contents(atPath: readme.path) else {
            throw Failure(.badData, "\(readme.path) is missing; delete \(folder.path) and fetch again")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.range(of: "\nACKNOWLEDGEMENTS").map { String(text[..<$0.lowerBound]) } ?? text
    }

    private func verify(_ file: URL) throws {
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            throw Failure(.missingInput, "\(file.path) cannot be read")
        }
        let digest = Insecure.MD5.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        guard digest == Fetcher.md5 else {
            // Kept, it would be resumed or unpacked next time and fail for ever.
            try writing(to: file) { try FileManager.default.removeItem(at: file) }
            throw Failure(
                .badData,
                "\(file.lastPathComponent): md5 is \(digest), GroupLens publishes \(Fetcher.md5); "
                    + "it was deleted, fetch again")
        }
    }

    /// Unpacks beside the folder and renames: the folder is whole or absent.
    private func unpack(_ archive: URL) async throws {
        let files = FileManager.default
        let temporary = archive.deletingLastPathComponent().appending(path: ".unpack-\(UUID().uuidString)")
        try writing(to: temporary) { try files.createDirectory(at: temporary, withIntermediateDirectories: true) }
        defer {
            // Only its emptied shell is left after a success; a hidden folder that stays does no harm.
            try? files.removeItem(at: temporary)
        }
        try Subprocess.unzip(archive, into: temporary)
        let unpacked = temporary.appending(path: "ml-100k", directoryHint: .isDirectory)
        guard files.fileExists(atPath: unpacked.appending(path: "u.data").path) else {
            throw Failure(.badData, "\(archive.path) holds no ml-100k/u.data")
        }
        try writing(to: folder) { try files.moveItem(at: unpacked, to: folder) }
    }

    private func writing(to url: URL, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw Failure(.cannotWrite, "cannot write \(url.path): \(error.localizedDescription)")
        }
    }
}
