import Foundation
import Testing
import Web

@Suite struct WebFileTests {
    private static let all = WebFile.root + WebFile.parts
    /// Where the pages are served, and their files.
    private static let pages = ["/": "/index.html", "/docs": "/docs.html"]

    private static var texts: [(path: String, text: String)] {
        all.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) }
    }

    @Test("what is served is what stands in the folder, all of it")
    func complete() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../web").standardized
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            $0.contains(".") && !$0.hasSuffix(".swift")
        }
        let served = Dictionary(uniqueKeysWithValues: Self.all.map { (Self.pages[$0.path] ?? $0.path, $0) })
        #expect(Set(names.map { "/" + $0 }) == Set(served.keys))
        for name in names {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            #expect(served["/" + name].map { Data($0.bytes) } == bytes, "\(name)")
        }
    }

    @Test("whatever a file imports or links to is served")
    func references() {
        let paths = Set(Self.all.map(\.path))
        for (path, text) in Self.texts where !path.hasSuffix(".d.ts") {
            let folder = path.hasPrefix("/page/") ? "/page/" : "/"
            let imports = text.matches(of: /(?m)^(?:import|export) [^"]*from "([^"]+)"/).map { String($0.1) }
            let links = Self.pages[path] != nil ? text.matches(of: /(?:src|href)="([^"#]+)"/).map { String($0.1) } : []
            for reference in imports + links
            where !reference.hasPrefix("/v1/") && !["/metrics", "/openapi.json"].contains(reference) {
                let target = reference.hasPrefix("./") ? folder + reference.dropFirst(2) : reference
                #expect(paths.contains(target), "\(path) names \(reference)")
            }
        }
    }

    @Test("every part is asked for with the page, and none only once another has come")
    func preloaded() {
        func preloaded(_ path: String) -> Set<String> {
            let page = Self.texts.first { $0.path == path }?.text ?? ""
            return Set(page.matches(of: /rel="modulepreload" href="([^"]+)"/).map { String($0.1) })
        }
        let parts = WebFile.parts.map(\.path).filter { !$0.hasPrefix("/page/docs.") }
        #expect(preloaded("/") == Set(parts + ["/client.js"]))
        #expect(preloaded("/docs") == ["/page/dom.js"])
    }

    @Test("nothing is inline, and nothing comes from elsewhere")
    func selfContained() {
        for (path, text) in Self.texts {
            #expect(!text.contains(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/), "\(path)")
            // Names, not addresses: SVG's namespace, and what comments give as examples.
            let addresses = text.matches(of: /https?:\/\/[^\s"'`)]+/).map { String($0.0) }
            #expect(Set(addresses).isSubset(of: ["http://www.w3.org/2000/svg", "https://kindred.example"]), "\(path)")
        }
        for (path, page) in Self.texts where Self.pages[path] != nil {
            #expect(!page.contains(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/), "\(path)")
        }
    }

    @Test("tags differ where files do")
    func tags() {
        #expect(Set(Self.all.map(\.etag)).count == Self.all.count)
        #expect(Self.all.allSatisfy { $0.etag.wholeMatch(of: /"[0-9a-f]{24}"/) != nil })
    }
}
