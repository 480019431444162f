#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One instruction set's kernels. Pointers need no more alignment than their type; a NaN or an infinity in an
/// input reaches the output.
///
/// Within one table `squared_l2`, `scan` and `gather` add in the same order: the same two vectors give the
/// same bits whichever of the three is asked, so that ties stay ties.
typedef struct {
    const char *name;

    /// Sum of (a[i] - b[i])².
    float (*squared_l2)(const float *a, const float *b, size_t length);

    /// Sum of a[i] · b[i].
    float (*inner_product)(const float *a, const float *b, size_t length);

    /// out[r] = squared L2 of `query` and row r, for `count` rows of `columns` floats one after the other.
    void (*scan)(const float *query, const float *rows, size_t count, size_t columns, float *out);

    /// out[i] = squared L2 of `query` and row indices[i] of `matrix`.
    void (*gather)(
        const float *query, const float *matrix, const int32_t *indices, size_t count, size_t columns, float *out);
} kindred_kernels;

/// The fastest table this processor and its operating system can run.
const kindred_kernels *kindred_kernels_best(void);

/// A table by name ("scalar", "avx2+fma"); NULL when it is unknown or cannot run here.
const kindred_kernels *_Nullable kindred_kernels_named(const char *name);

/// Bytes of pgvector's binary form of a vector: a big-endian int16 dimension, an int16 zero, then the
/// coordinates as big-endian float32.
#define KINDRED_VECTOR_HEADER 4

/// Most coordinates the `vector` type holds.
#define KINDRED_VECTOR_MAX_DIMENSIONS 16000

/// Dimension that the header of `bytes` declares, or -1 when `length` does not fit it or the header is not
/// one that pgvector writes.
ptrdiff_t kindred_vector_dimensions(const uint8_t *bytes, size_t length);

/// Coordinates of a vector of `dimensions`, which `kindred_vector_dimensions` has returned for `bytes`.
void kindred_vector_decode(const uint8_t *bytes, size_t dimensions, float *out);

/// Writes KINDRED_VECTOR_HEADER + 4 · dimensions bytes; dimensions must not exceed the maximum.
void kindred_vector_encode(const float *values, size_t dimensions, uint8_t *out);

#pragma clang assume_nonnull end
