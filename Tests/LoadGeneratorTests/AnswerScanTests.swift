import LoadGenerator
import Testing

@Suite struct AnswerScanTests {
    private func isComplete(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { AnswerScan.isComplete($0) }
    }

    @Test(
        "an answer is complete when it returns what was requested, or does not say",
        arguments: [
            #"{"requested":10,"returned":10}"#, #"{ "returned" : 3 , "results": [], "requested" :3}"#, "", "{}",
            "hello",
            #"{"requested":10}"#, #"{"returned":10}"#, #"{"title":"requested","requested":2,"returned":2}"#,
            #"{"title":"a \"returned\": 9 b","requested":2,"returned":2}"#,
        ])
    func complete(body: String) {
        #expect(isComplete(body))
    }

    @Test(
        "an answer that returns another number is not complete",
        arguments: [
            #"{"requested":10,"returned":9}"#, #"{"returned": 0, "requested": 1}"#, #"{"requested":1,"returned":11}"#,
            #"{"title":"\"returned\":2","requested":2,"returned":1}"#,
        ])
    func incomplete(body: String) {
        #expect(!isComplete(body))
    }
}
