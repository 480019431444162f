import Crypto
import Foundation

/// One file of the page, compiled into the program that serves it: a binary and its page cannot be mixed up.
package struct WebFile: Sendable {
    /// Where it is served; in this folder it has the same path, `/` is `index.html` and `/docs` is `docs.html`.
    package let path: String
    package let contentType: String
    package let bytes: [UInt8]
    /// Strong: of the bytes.
    package let etag: String

    private init(_ path: String, _ kind: Kind, _ bytes: [UInt8]) {
        self.path = path
        contentType = kind.rawValue
        self.bytes = bytes
        let digest = SHA256.hash(data: bytes).prefix(12)
        etag = "\"\(digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())\""
    }

    private enum Kind: String {
        case html = "text/html; charset=utf-8"
        case css = "text/css; charset=utf-8"
        case script = "text/javascript; charset=utf-8"
        /// Has no media type of its own; as text, a browser shows it.
        case typescript = "text/plain; charset=utf-8"
        case svg = "image/svg+xml"
    }

    /// What stands at the root.
    package static let root = [
        WebFile("/", .html, PackageResources.index_html),
        WebFile("/docs", .html, PackageResources.docs_html),
        WebFile("/page.css", .css, PackageResources.page_css),
        WebFile("/page.js", .script, PackageResources.page_js),
        WebFile("/client.js", .script, PackageResources.client_js),
        WebFile("/client.d.ts", .typescript, PackageResources.client_d_ts),
        WebFile("/icon.svg", .svg, PackageResources.icon_svg),
    ]

    /// The parts of both pages, all below `/page/`.
    package static let parts = [
        WebFile("/page/card.js", .script, PackageResources.card_js),
        WebFile("/page/chart.js", .script, PackageResources.chart_js),
        WebFile("/page/combobox.js", .script, PackageResources.combobox_js),
        WebFile("/page/docs.css", .css, PackageResources.docs_css),
        WebFile("/page/docs.js", .script, PackageResources.docs_js),
        WebFile("/page/dom.js", .script, PackageResources.dom_js),
        WebFile("/page/explanation.js", .script, PackageResources.explanation_js),
        WebFile("/page/filters.js", .script, PackageResources.filters_js),
        WebFile("/page/health.js", .script, PackageResources.health_js),
        WebFile("/page/key.js", .script, PackageResources.key_js),
        WebFile("/page/motifs.js", .script, PackageResources.motifs_js),
        WebFile("/page/palettes.js", .script, PackageResources.palettes_js),
        WebFile("/page/panel.js", .script, PackageResources.panel_js),
        WebFile("/page/poster.js", .script, PackageResources.poster_js),
        WebFile("/page/route.js", .script, PackageResources.route_js),
        WebFile("/page/session.js", .script, PackageResources.session_js),
        WebFile("/page/taste.js", .script, PackageResources.taste_js),
        WebFile("/page/tasting.js", .script, PackageResources.tasting_js),
        WebFile("/page/titles.js", .script, PackageResources.titles_js),
        WebFile("/page/views.js", .script, PackageResources.views_js),
    ]
}
