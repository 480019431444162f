/// A vector less a centre, as scale · codes, and how wrong that is.
struct RowCode {
    private(set) var codes: [Int8]
    private(set) var scale: Float = 0
    /// ‖scale · codes‖². Not a number or infinite when the vector is.
    private(set) var square: Double = 0
    /// ‖vector − centre − scale · codes‖, rounded up.
    private(set) var error: Double = 0
    private var centred: [Double]

    init(columns: Int) {
        codes = Array(repeating: 0, count: columns)
        centred = Array(repeating: 0, count: columns)
    }

    mutating func encode(_ vector: UnsafeBufferPointer<Float>, centre: [Float]) {
        var largest = 0.0
        var norm = 0.0
        for index in vector.indices {
            let value = Double(vector[index]) - Double(centre[index])
            centred[index] = value
            largest = max(largest, abs(value))
            norm += value * value
        }
        guard norm.isFinite, largest <= Double(Float.greatestFiniteMagnitude) else {
            square = .infinity
            return
        }
        // Whatever the scale, the error below is that of the codes it led to.
        scale = Float(largest / 127)
        let inverse = scale > 0 ? 1 / Double(scale) : 0
        var squaredError = 0.0
        var squaredCodes = 0
        for index in codes.indices {
            // Truncation of a positive number rounds this one to the nearest.
            let biased = Int(min(max(centred[index] * inverse + 128.5, 1), 255))
            let code = biased - 128
            codes[index] = Int8(code)
            squaredCodes += code * code
            let rest = centred[index] - Double(scale) * Double(code)
            squaredError += rest * rest
        }
        square = Double(scale) * Double(scale) * Double(squaredCodes)
        // Double precision's own rounding is some 1e-16 of the vector.
        error = squaredError.squareRoot() * (1 + 1e-9) + norm.squareRoot() * 1e-12
    }
}

extension Double {
    /// A float that is lower by 2⁻²¹ of it at least, which CKernels.h asks of squared norms.
    var loweredForRounding: Float { Float(self * (1 - 0x1p-21)).nextDown }

    /// A float that is greater by more than the rounding of the two operations that a kernel does with it.
    var raised: Float { Float(self * (1 + 0x1p-21)).nextUp }
}
