#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Rows that share one block of codes.
#define KINDRED_BLOCK_ROWS 16

/// Bytes of one block of codes, a multiple of a cache line. First `groups` times the codes of four coordinates of each
/// row (row after row, a code + 128 as one byte), then, one float per row: its scale; its lowered squared norm; its
/// error. kindred_coded_query says what they mean.
#define KINDRED_BLOCK_BYTES(groups) (KINDRED_BLOCK_ROWS * (4 * (groups) + 3 * sizeof(float)))

/// What `candidates` needs of a query q, where q ≈ Q = scale_of_q · codes, and a row x ≈ X = scale · codes.
typedef struct {
    /// 4 · groups codes from -127 to 127.
    const int8_t *codes;
    size_t groups;
    /// Twice the scale of the query.
    float twice_scale;
    /// ‖Q‖², lowered as the rows' squared norms are: by at least 2⁻²¹ of itself. The rounding of
    /// ‖Q‖² + ‖X‖² - 2 Q·X is less than what the two are lowered by.
    float lowered_square;
} kindred_coded_query;

/// One instruction set's kernels. Pointers need no more alignment than their type; a NaN or an infinity in an
/// input reaches the output.
///
/// Within one table `squared_l2`, `scan`, `scan_many` and `gather` add in the same order: the same two vectors give
/// the same bits whichever of them is asked, so that ties stay ties. The vector tables add in the same order as each
/// other, too.
typedef struct {
    const char *name;

    /// Sum of (a[i] - b[i])².
    float (*squared_l2)(const float *a, const float *b, size_t length);

    /// Sum of a[i] · b[i].
    float (*inner_product)(const float *a, const float *b, size_t length);

    /// out[r] = squared L2 of `query` and row r, for `count` rows of `columns` floats one after the other.
    void (*scan)(const float *query, const float *rows, size_t count, size_t columns, float *out);

    /// out[q · count + r] = squared L2 of query q and row r.
    void (*scan_many)(
        const float *queries, size_t query_count, const float *rows, size_t count, size_t columns, float *out);

    /// out[i] = squared L2 of `query` and row indices[i] of `matrix`.
    void (*gather)(
        const float *query, const float *matrix, const int32_t *indices, size_t count, size_t columns, float *out);

    /// Writes, ascending, each i for which values[i] >= limit does not hold (so a NaN is selected); returns how many.
    /// `out` has room for `count`.
    size_t (*select_below)(const float *values, size_t count, float limit, int32_t *out);

    /// Writes, ascending, the place in `blocks` of every row that may lie within `reach` less the error of the row;
    /// returns how many. A row is left out only if ‖Q - X‖ > reach + its error. A row whose lowered squared norm is
    /// -infinity is never left out. `blocks` is 64-byte aligned; `out` has room for block_count · KINDRED_BLOCK_ROWS.
    size_t (*candidates)(
        const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out);
} kindred_kernels;

/// The fastest table this processor and its operating system can run.
const kindred_kernels *kindred_kernels_best(void);

/// A table by name ("scalar", "avx2+fma", "avx512+vnni"); NULL when it is unknown or cannot run here.
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
