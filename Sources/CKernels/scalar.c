#include "tables.h"

// Eight partial sums: a compiler may not reorder float additions itself, so one running sum could not use
// even the baseline's vector registers.
enum { LANES = 8 };

static float sum_of(const float lanes[LANES]) {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

static float squared_l2(const float *a, const float *b, size_t length) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const float difference = a[i + lane] - b[i + lane];
            lanes[lane] += difference * difference;
        }
    }
    for (size_t lane = 0; i < length; i++, lane++) {
        const float difference = a[i] - b[i];
        lanes[lane] += difference * difference;
    }
    return sum_of(lanes);
}

static float inner_product(const float *a, const float *b, size_t length) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += a[i + lane] * b[i + lane];
    }
    for (size_t lane = 0; i < length; i++, lane++) lanes[lane] += a[i] * b[i];
    return sum_of(lanes);
}

static void scan(const float *query, const float *rows, size_t count, size_t columns, float *out) {
    for (size_t row = 0; row < count; row++) out[row] = squared_l2(query, rows + row * columns, columns);
}

static void scan_many(
    const float *queries, size_t query_count, const float *rows, size_t count, size_t columns, float *out) {
    for (size_t query = 0; query < query_count; query++) {
        scan(queries + query * columns, rows, count, columns, out + query * count);
    }
}

static void gather(
    const float *query, const float *matrix, const int32_t *indices, size_t count, size_t columns, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = squared_l2(query, matrix + (size_t)indices[i] * columns, columns);
}

static size_t select_below(const float *values, size_t count, float limit, int32_t *out) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        out[found] = (int32_t)i;
        found += !(values[i] >= limit);
    }
    return found;
}

const kindred_kernels kindred_kernels_scalar = {
    .name = "scalar",
    .squared_l2 = squared_l2,
    .inner_product = inner_product,
    .scan = scan,
    .scan_many = scan_many,
    .gather = gather,
    .select_below = select_below,
    .candidates = kindred_candidates_scalar,
};
