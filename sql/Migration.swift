/// One numbered step of the schema, compiled into the program that applies it: a binary and its schema cannot
/// be mixed up. A step that has shipped is never edited; a change is a new step.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: String

    private init(_ number: Int, _ name: String, _ bytes: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = String(decoding: bytes, as: UTF8.self)
    }

    /// All steps, in order. Their files stand beside this one.
    package static let all = [
        Migration(1, "catalogue", PackageResources._001_catalogue_sql),
        Migration(2, "generations", PackageResources._002_generations_sql),
        Migration(3, "storage", PackageResources._003_storage_sql),
        Migration(4, "rating_heads", PackageResources._004_rating_heads_sql),
        Migration(5, "events", PackageResources._005_events_sql),
        Migration(6, "activation_notice", PackageResources._006_activation_notice_sql),
        Migration(7, "calibrations", PackageResources._007_calibrations_sql),
        Migration(8, "events_by_user", PackageResources._008_events_by_user_sql),
        Migration(9, "erasures", PackageResources._009_erasures_sql),
    ]
}
