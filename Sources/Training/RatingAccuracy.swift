package import ModelBundle
package import MovieLens

/// How far predictions are from ratings that were not learned from.
package struct RatingAccuracy: Sendable, Equatable {
    /// Root of the mean squared error, in stars.
    package let rmse: Double
    /// Mean absolute error, in stars.
    package let mae: Double

    /// - Parameters:
    ///   - train: what the predictor learned from, which is also each user's history.
    ///   - test: not empty.
    package init(of predictor: RatingPredictor, train: Dataset, test: [Rating]) {
        precondition(!test.isEmpty)
        let questions = RatingQuestions(test, histories: train.ratings, of: train)
        let parts = Parallel.map(questions.users.count) { index in
            let user = questions.users[index]
            let profile = predictor.profile(user.history, attributes: user.attributes)
            return user.items.map { predictor.predict(profile, item: $0) }
        }
        var squares = 0.0
        var distances = 0.0
        for (user, predictions) in zip(questions.users, parts) {
            for (place, prediction) in zip(user.places, predictions) {
                let error = prediction - Double(test[place].value)
                squares += error * error
                distances += abs(error)
            }
        }
        rmse = (squares / Double(test.count)).squareRoot()
        mae = distances / Double(test.count)
    }
}
