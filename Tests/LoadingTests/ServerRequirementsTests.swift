import Testing

@testable import Loading

@Suite struct ServerRequirementsTests {
    @Test(
        "pgvector 0.8 and later is accepted",
        arguments: [
            ("0.7.4", false), ("0.8.0", true), ("0.10.0", true), ("1.0", true), ("0.8", true), ("nonsense", false),
        ])
    func versions(version: String, isAccepted: Bool) {
        #expect(ServerRequirements.isAtLeast08(version) == isAccepted)
    }

    @Test("an early 0.8 is accepted with a warning that says what it lacks")
    func warning() {
        let early = ServerRequirements(serverVersion: 150_000, vectorVersion: "0.8.1", isVectorInstalled: true)
        #expect(early.warning?.contains("0.8.4") == true)
        let late = ServerRequirements(serverVersion: 150_000, vectorVersion: "0.8.5", isVectorInstalled: true)
        #expect(late.warning == nil)
    }
}
