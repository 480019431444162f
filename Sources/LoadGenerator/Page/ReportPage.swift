/// Results as one self-contained HTML page.
package struct ReportPage {
    package let title: String
    package let documents: [ResultDocument]
    package init(title: String, documents: [ResultDocument]) { self.title = title; self.documents = documents }
    package var html: String { title }
}
