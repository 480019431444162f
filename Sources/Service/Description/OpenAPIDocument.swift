import HTTPTypes

/// `/openapi.json`: OpenAPI 3.1 of the routes, made from what registers and checks them.
enum OpenAPIDocument {
    static func make(of operations: [Operation]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for operation in operations {
            paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = description(of: operation)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Kindred", "version": "1",
                "description":
                    .string(
                        "Similar movies and recommendations by vector search over PostgreSQL and pgvector. Errors are problems of "
                            + "RFC 9457 that name the field at fault."),
            ],
            // Whatever serves this document.
            "servers": [["url": "/"]],
            "tags": .array(Operation.Area.allCases.map { ["name": .string($0.rawValue)] }),
            "paths": .object(paths.mapValues(JSONValue.object)),
            "components": [
                "schemas": .object(AnswerSchemas.all.mapValues(\.json)),
                "parameters": ["X-Request-Id": requestID, "X-Deadline-Ms": deadline, "X-Model-Version": modelVersion],
                "responses": ["Problem": problemAnswer],
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static func description(of operation: Operation) -> JSONValue {
        var fields: [String: JSONValue] = [
            "tags": [.string(operation.area.rawValue)], "operationId": .string(operation.name),
            "summary": .string(operation.summary), "responses": .object(answers(of: operation)),
            "parameters": .array(parameters(of: operation)),
            // A service without keys asks for none.
            "security": operation.needsAdminKey ? [["key": []]] : operation.isOpen ? [] : [["key": []], [:]],
        ]
        if let body = operation.body {
            let content: JSONValue = ["schema": body.schema.json, "example": body.example]
            fields["requestBody"] = [
                "required": true,
                "content": .object(Dictionary(uniqueKeysWithValues: body.types.map { ($0, content) })),
            ]
        }
        return .object(fields)
    }

    private static func parameters(of operation: Operation) -> [JSONValue] {
        let inPath = operation.pathParameters.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "schema": Schema.id.json]
        }
        // A body's parameters are in the body.
        let inQuery = operation.body == nil ? operation.parameters.map(parameter) : []
        var headers = ["X-Request-Id"]
        if operation.isHurried { headers.append("X-Deadline-Ms") }
        if operation.isOfModel { headers.append("X-Model-Version") }
        return inPath + inQuery + headers.map { ["$ref": .string("#/components/parameters/\($0)")] }
    }

    private static func parameter(_ rule: any ParameterRule) -> JSONValue {
        [
            "name": .string(rule.name), "in": "query", "description": .string(rule.says), "style": "form",
            "explode": false,
            "schema": rule.schema.inQuery.json,
        ]
    }

    private static func answers(of operation: Operation) -> [String: JSONValue] {
        let answer = operation.answer
        var success: [String: JSONValue] = [
            "description": .string(answer.says),
            "content": .object([answer.type: ["schema": answer.schema.json]]),
        ]
        let tag: JSONValue = ["ETag": ["schema": Schema.text.json]]
        if operation.isKept { success["headers"] = tag }
        var answers: [String: JSONValue] = [String(answer.status): .object(success)]
        if operation.isKept {
            answers["304"] = ["description": "The client has it already: `If-None-Match` names it.", "headers": tag]
        }
        for status in ["default"] + operation.problems.map(String.init) {
            answers[status] = ["$ref": "#/components/responses/Problem"]
        }
        return answers
    }

    private static let requestID: JSONValue = [
        "name": "X-Request-Id", "in": "header", "schema": Schema.text.json,
        "description": "Comes back in the answer and stands in the log; one is made where none is given.",
    ]
    private static let deadline: JSONValue = [
        "name": "X-Deadline-Ms", "in": "header", "schema": Schema.integer(in: RequestParameters.deadlineRange).json,
        "description": "When memory is to answer in the database's place; the service's own deadline stays the latest.",
    ]
    private static let modelVersion: JSONValue = [
        "name": "X-Model-Version", "in": "header", "schema": Schema.text.json,
        "description":
            "The only `version` that may answer; where another one is served, the request is refused with 412.",
    ]
    private static let problemAnswer: JSONValue = [
        "description": "What went wrong (RFC 9457).",
        "content": [Problem.contentType: ["schema": Schema.named("Problem").json]],
    ]
}

extension Schema {
    /// No value between commas is empty, and a list has one.
    fileprivate var inQuery: Schema {
        keywords["type"] == "array" ? with("minItems", 1) : self
    }
}
