#include "tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))

// Every distance here, alone or four at a time, keeps two accumulators: even and odd blocks of eight floats.
// With four rows at a time that is eight independent chains, which hides the latency of a fused
// multiply-add; and because a single row adds in the same order, its bits are the same.
enum { LANES = 8, STEP = 16, ROWS = 4 };

// Lanes below `count` are read, the others are zero and their memory is not touched.
TARGET static inline __m256i mask_of(size_t count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
}

// Sums of the lanes of four registers.
TARGET static inline __m128 sums_of(__m256 a, __m256 b, __m256 c, __m256 d) {
    const __m256 pairs = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
    return _mm_add_ps(_mm256_castps256_ps128(pairs), _mm256_extractf128_ps(pairs, 1));
}

TARGET static inline __m256 add_square(__m256 sum, __m256 a, __m256 b) {
    const __m256 difference = _mm256_sub_ps(a, b);
    return _mm256_fmadd_ps(difference, difference, sum);
}

TARGET static float squared_l2(const float *a, const float *b, size_t length) {
    __m256 even = _mm256_setzero_ps();
    __m256 odd = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + STEP <= length; i += STEP) {
        even = add_square(even, _mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        odd = add_square(odd, _mm256_loadu_ps(a + i + LANES), _mm256_loadu_ps(b + i + LANES));
    }
    if (i + LANES <= length) {
        even = add_square(even, _mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        i += LANES;
    }
    if (i < length) {
        const __m256i mask = mask_of(length - i);
        odd = add_square(odd, _mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask));
    }
    const __m256 sum = _mm256_add_ps(even, odd);
    return _mm_cvtss_f32(sums_of(sum, sum, sum, sum));
}

TARGET static float inner_product(const float *a, const float *b, size_t length) {
    __m256 even = _mm256_setzero_ps();
    __m256 odd = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + STEP <= length; i += STEP) {
        even = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), even);
        odd = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + LANES), _mm256_loadu_ps(b + i + LANES), odd);
    }
    if (i + LANES <= length) {
        even = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), even);
        i += LANES;
    }
    if (i < length) {
        const __m256i mask = mask_of(length - i);
        odd = _mm256_fmadd_ps(_mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask), odd);
    }
    const __m256 sum = _mm256_add_ps(even, odd);
    return _mm_cvtss_f32(sums_of(sum, sum, sum, sum));
}

// Squared distances of `query` to four rows; each part of the query is loaded once for the four.
TARGET static inline __m128 squared_l2_of_four(const float *query, const float *const rows[ROWS], size_t length) {
    __m256 even[ROWS];
    __m256 odd[ROWS];
    for (int row = 0; row < ROWS; row++) even[row] = odd[row] = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + STEP <= length; i += STEP) {
        const __m256 low = _mm256_loadu_ps(query + i);
        const __m256 high = _mm256_loadu_ps(query + i + LANES);
        for (int row = 0; row < ROWS; row++) {
            even[row] = add_square(even[row], low, _mm256_loadu_ps(rows[row] + i));
            odd[row] = add_square(odd[row], high, _mm256_loadu_ps(rows[row] + i + LANES));
        }
    }
    if (i + LANES <= length) {
        const __m256 part = _mm256_loadu_ps(query + i);
        for (int row = 0; row < ROWS; row++) even[row] = add_square(even[row], part, _mm256_loadu_ps(rows[row] + i));
        i += LANES;
    }
    if (i < length) {
        const __m256i mask = mask_of(length - i);
        const __m256 part = _mm256_maskload_ps(query + i, mask);
        for (int row = 0; row < ROWS; row++) {
            odd[row] = add_square(odd[row], part, _mm256_maskload_ps(rows[row] + i, mask));
        }
    }
    for (int row = 0; row < ROWS; row++) even[row] = _mm256_add_ps(even[row], odd[row]);
    return sums_of(even[0], even[1], even[2], even[3]);
}

// One stream of long scans outruns the hardware prefetcher, which stops at each page: asking for the next page
// early took 2.4 ms of 100,000 × 64 floats to 1.9 ms. The place may lie behind the last row; a prefetch does not fault.
TARGET static inline void prefetch_page_after(const float *rows, size_t floats) {
    const uintptr_t next_page = (uintptr_t)rows + 4096;
    for (size_t byte = 0; byte < floats * sizeof(float); byte += 64) {
        _mm_prefetch((const char *)(next_page + byte), _MM_HINT_T0);
    }
}

TARGET static void scan(const float *query, const float *rows, size_t count, size_t columns, float *out) {
    size_t row = 0;
    for (; row + ROWS <= count; row += ROWS) {
        const float *first = rows + row * columns;
        const float *const four[ROWS] = {first, first + columns, first + 2 * columns, first + 3 * columns};
        prefetch_page_after(first, ROWS * columns);
        _mm_storeu_ps(out + row, squared_l2_of_four(query, four, columns));
    }
    for (; row < count; row++) out[row] = squared_l2(query, rows + row * columns, columns);
}

// One query after the other: two queries' even and odd sums of four rows would not fit sixteen registers.
TARGET static void scan_many(
    const float *queries, size_t query_count, const float *rows, size_t count, size_t columns, float *out) {
    for (size_t query = 0; query < query_count; query++) {
        scan(queries + query * columns, rows, count, columns, out + query * count);
    }
}

// Candidates lie anywhere, so no hardware prefetcher can guess them; their beginnings are enough to start it.
TARGET static inline void prefetch(const float *row, size_t columns) {
    const size_t floats_per_line = 16;
    const size_t floats = columns < 4 * floats_per_line ? columns : 4 * floats_per_line;
    for (size_t i = 0; i < floats; i += floats_per_line) _mm_prefetch((const char *)(row + i), _MM_HINT_T0);
}

TARGET static void gather(
    const float *query, const float *matrix, const int32_t *indices, size_t count, size_t columns, float *out) {
    size_t i = 0;
    for (; i + ROWS <= count; i += ROWS) {
        for (size_t next = i + ROWS; next < i + 2 * ROWS && next < count; next++) {
            prefetch(matrix + (size_t)indices[next] * columns, columns);
        }
        const float *const four[ROWS] = {
            matrix + (size_t)indices[i] * columns,
            matrix + (size_t)indices[i + 1] * columns,
            matrix + (size_t)indices[i + 2] * columns,
            matrix + (size_t)indices[i + 3] * columns,
        };
        _mm_storeu_ps(out + i, squared_l2_of_four(query, four, columns));
    }
    for (; i < count; i++) out[i] = squared_l2(query, matrix + (size_t)indices[i] * columns, columns);
}

TARGET static size_t select_below(const float *values, size_t count, float limit, int32_t *out) {
    size_t found = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        const __m256 below = _mm256_cmp_ps(_mm256_loadu_ps(values + i), _mm256_set1_ps(limit), _CMP_NGE_UQ);
        for (unsigned mask = (unsigned)_mm256_movemask_ps(below); mask != 0; mask &= mask - 1) {
            out[found++] = (int32_t)i + __builtin_ctz(mask);
        }
    }
    for (; i < count; i++) {
        out[found] = (int32_t)i;
        found += !(values[i] >= limit);
    }
    return found;
}

const kindred_kernels kindred_kernels_avx2 = {
    .name = "avx2+fma",
    .squared_l2 = squared_l2,
    .inner_product = inner_product,
    .scan = scan,
    .scan_many = scan_many,
    .gather = gather,
    .select_below = select_below,
    .candidates = kindred_candidates_avx2,
};

#endif
