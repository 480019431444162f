#include "tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512vnni,avx2,fma")))

// One register's lower half sums what avx2.c keeps in its even accumulator, the upper half what it keeps in its odd
// one, and the halves are then added as there: every distance has the bits that the AVX2 kernels give.
enum { LANES = 16, ROWS = 16, TILE = 4 };

// The last 1–15 floats, zero behind them; memory behind them is not touched. Fewer than eight belong to the upper half.
TARGET static inline __m512 last_of(const float *values, size_t count) {
    if (count >= LANES / 2) return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), values);
    const __m256 part = _mm256_maskz_loadu_ps((__mmask8)((1u << count) - 1), values);
    return _mm512_insertf32x8(_mm512_setzero_ps(), part, 1);
}

TARGET static inline __m512 add_square(__m512 sum, __m512 a, __m512 b) {
    const __m512 difference = _mm512_sub_ps(a, b);
    return _mm512_fmadd_ps(difference, difference, sum);
}

TARGET static inline float sum_of(__m512 sum) {
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
    const __m256 pairs = _mm256_hadd_ps(half, half);
    const __m256 fours = _mm256_hadd_ps(pairs, pairs);
    return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(fours), _mm256_extractf128_ps(fours, 1)));
}

// Adds neighbouring elements, as _mm256_hadd_ps does.
TARGET static inline __m512 add_pairs(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

TARGET static inline __m512 add_halves(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
}

// Element i is the sum of sums[i], added in the order of sum_of.
TARGET static inline __m512 sums_of(const __m512 sums[ROWS]) {
    __m512 quarters[2];
    for (int i = 0; i < 2; i++) {
        const __m512 *s = sums + 8 * i;
        quarters[i] = add_pairs(
            add_pairs(add_halves(s[0], s[4]), add_halves(s[1], s[5])),
            add_pairs(add_halves(s[2], s[6]), add_halves(s[3], s[7])));
    }
    return _mm512_add_ps(
        _mm512_shuffle_f32x4(quarters[0], quarters[1], 0x88), _mm512_shuffle_f32x4(quarters[0], quarters[1], 0xdd));
}

TARGET static float squared_l2(const float *a, const float *b, size_t length) {
    __m512 sum = _mm512_setzero_ps();
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) sum = add_square(sum, _mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));
    if (i < length) sum = add_square(sum, last_of(a + i, length - i), last_of(b + i, length - i));
    return sum_of(sum);
}

TARGET static float inner_product(const float *a, const float *b, size_t length) {
    __m512 sum = _mm512_setzero_ps();
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) sum = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), sum);
    if (i < length) sum = _mm512_fmadd_ps(last_of(a + i, length - i), last_of(b + i, length - i), sum);
    return sum_of(sum);
}

// Squares of the differences of `query` and four rows, lane by lane; each part of the query is loaded once for the four.
TARGET static inline __attribute__((always_inline)) void squares_of_four(
    const float *query, const float *const rows[TILE], size_t length, __m512 sums[TILE]) {
    for (int row = 0; row < TILE; row++) sums[row] = _mm512_setzero_ps();
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) {
        const __m512 part = _mm512_loadu_ps(query + i);
        for (int row = 0; row < TILE; row++) sums[row] = add_square(sums[row], part, _mm512_loadu_ps(rows[row] + i));
    }
    if (i < length) {
        const __m512 part = last_of(query + i, length - i);
        for (int row = 0; row < TILE; row++) {
            sums[row] = add_square(sums[row], part, last_of(rows[row] + i, length - i));
        }
    }
}

// As in avx2.c, a stream of long scans outruns the hardware prefetcher, here by more: asking 8 KiB ahead instead of 4
// took an eighth off 100,000 × 64 floats; 16 KiB would take more off them but add a quarter to what fits the cache.
TARGET static inline void prefetch_after(const float *rows, size_t floats) {
    const uintptr_t ahead = (uintptr_t)rows + 8192;
    for (size_t byte = 0; byte < floats * sizeof(float); byte += 64) {
        _mm_prefetch((const char *)(ahead + byte), _MM_HINT_T0);
    }
}

TARGET static inline __attribute__((always_inline)) void scan_columns(
    const float *query, const float *rows, size_t count, size_t columns, float *out) {
    size_t row = 0;
    for (; row + ROWS <= count; row += ROWS) {
        __m512 sums[ROWS];
        for (size_t i = 0; i < ROWS; i += TILE) {
            const float *first = rows + (row + i) * columns;
            const float *const four[TILE] = {first, first + columns, first + 2 * columns, first + 3 * columns};
            prefetch_after(first, TILE * columns);
            squares_of_four(query, four, columns, sums + i);
        }
        _mm512_storeu_ps(out + row, sums_of(sums));
    }
    for (; row < count; row++) out[row] = squared_l2(query, rows + row * columns, columns);
}

TARGET static void scan(const float *query, const float *rows, size_t count, size_t columns, float *out) {
    // The default dimension, known when compiled, unrolls into straight code.
    if (columns == 64) {
        scan_columns(query, rows, count, 64, out);
    } else {
        scan_columns(query, rows, count, columns, out);
    }
}

// Squared distances of four queries to four rows: eight loads serve sixteen pairs.
TARGET static inline __attribute__((always_inline)) __m512 squared_l2_of_tile(
    const float *queries, const float *rows, size_t columns) {
    __m512 sums[TILE * TILE];
    for (int i = 0; i < TILE * TILE; i++) sums[i] = _mm512_setzero_ps();
    for (size_t i = 0; i < columns; i += LANES) {
        const size_t left = columns - i;
        __m512 parts[TILE];
        for (size_t row = 0; row < TILE; row++) {
            const float *part = rows + row * columns + i;
            parts[row] = left >= LANES ? _mm512_loadu_ps(part) : last_of(part, left);
        }
        for (size_t query = 0; query < TILE; query++) {
            const float *start = queries + query * columns + i;
            const __m512 part = left >= LANES ? _mm512_loadu_ps(start) : last_of(start, left);
            for (size_t row = 0; row < TILE; row++) {
                sums[query * TILE + row] = add_square(sums[query * TILE + row], part, parts[row]);
            }
        }
    }
    return sums_of(sums);
}

TARGET static inline __attribute__((always_inline)) void scan_tiles(
    const float *queries, const float *rows, size_t count, size_t columns, float *out) {
    size_t row = 0;
    for (; row + TILE <= count; row += TILE) {
        const __m512 squares = squared_l2_of_tile(queries, rows + row * columns, columns);
        _mm_storeu_ps(out + row, _mm512_castps512_ps128(squares));
        _mm_storeu_ps(out + count + row, _mm512_extractf32x4_ps(squares, 1));
        _mm_storeu_ps(out + 2 * count + row, _mm512_extractf32x4_ps(squares, 2));
        _mm_storeu_ps(out + 3 * count + row, _mm512_extractf32x4_ps(squares, 3));
    }
    for (; row < count; row++) {
        for (size_t query = 0; query < TILE; query++) {
            out[query * count + row] = squared_l2(queries + query * columns, rows + row * columns, columns);
        }
    }
}

TARGET static void scan_many(
    const float *queries, size_t query_count, const float *rows, size_t count, size_t columns, float *out) {
    size_t query = 0;
    for (; query + TILE <= query_count; query += TILE) {
        if (columns == 64) {
            scan_tiles(queries + query * columns, rows, count, 64, out + query * count);
        } else {
            scan_tiles(queries + query * columns, rows, count, columns, out + query * count);
        }
    }
    for (; query < query_count; query++) {
        scan(queries + query * columns, rows, count, columns, out + query * count);
    }
}

// Candidates lie anywhere, so no hardware prefetcher can guess them; their beginnings are enough to start it.
TARGET static inline void prefetch(const float *row, size_t columns) {
    const size_t floats = columns < 4 * LANES ? columns : 4 * LANES;
    for (size_t i = 0; i < floats; i += LANES) _mm_prefetch((const char *)(row + i), _MM_HINT_T0);
}

TARGET static void gather(
    const float *query, const float *matrix, const int32_t *indices, size_t count, size_t columns, float *out) {
    size_t i = 0;
    for (; i + ROWS <= count; i += ROWS) {
        for (size_t next = i + ROWS; next < i + 2 * ROWS && next < count; next++) {
            prefetch(matrix + (size_t)indices[next] * columns, columns);
        }
        __m512 sums[ROWS];
        for (size_t tile = 0; tile < ROWS; tile += TILE) {
            const int32_t *chosen = indices + i + tile;
            const float *const four[TILE] = {
                matrix + (size_t)chosen[0] * columns,
                matrix + (size_t)chosen[1] * columns,
                matrix + (size_t)chosen[2] * columns,
                matrix + (size_t)chosen[3] * columns,
            };
            squares_of_four(query, four, columns, sums + tile);
        }
        _mm512_storeu_ps(out + i, sums_of(sums));
    }
    for (; i < count; i++) out[i] = squared_l2(query, matrix + (size_t)indices[i] * columns, columns);
}

TARGET static size_t select_below(const float *values, size_t count, float limit, int32_t *out) {
    size_t found = 0;
    for (size_t i = 0; i < count; i += LANES) {
        const size_t left = count - i;
        const __mmask16 there = left >= LANES ? 0xffff : (__mmask16)((1u << left) - 1);
        const __m512 part = _mm512_maskz_loadu_ps(there, values + i);
        unsigned mask = _mm512_mask_cmp_ps_mask(there, part, _mm512_set1_ps(limit), _CMP_NGE_UQ);
        for (; mask != 0; mask &= mask - 1) out[found++] = (int32_t)i + __builtin_ctz(mask);
    }
    return found;
}

const kindred_kernels kindred_kernels_avx512 = {
    .name = "avx512+vnni",
    .squared_l2 = squared_l2,
    .inner_product = inner_product,
    .scan = scan,
    .scan_many = scan_many,
    .gather = gather,
    .select_below = select_below,
    .candidates = kindred_candidates_avx512,
};

#endif
