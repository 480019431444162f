#include "tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))

enum { HALF = KINDRED_BLOCK_ROWS / 2 };

// Four coordinates of eight rows times those of the query. The instruction wants one unsigned factor: |q|, and the
// row with the sign of q. 2 · 127 · 127 fits its sixteen bits, so nothing saturates.
TARGET static inline __m256i add_products(__m256i sum, __m256i biased, __m256i query, __m256i magnitude) {
    const __m256i row = _mm256_xor_si256(biased, _mm256_set1_epi8((char)0x80));
    const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(row, query));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

TARGET static inline unsigned kept(
    const kindred_coded_query *query, const kindred_block_rows *rows, int first, __m256i products, float reach) {
    const __m256 slope = _mm256_mul_ps(_mm256_set1_ps(query->twice_scale), _mm256_load_ps(rows->scale + first));
    const __m256 squares =
        _mm256_add_ps(_mm256_set1_ps(query->lowered_square), _mm256_load_ps(rows->lowered_square + first));
    const __m256 distance = _mm256_fnmadd_ps(slope, _mm256_cvtepi32_ps(products), squares);
    const __m256 limit = _mm256_add_ps(_mm256_set1_ps(reach), _mm256_load_ps(rows->error + first));
    // "Not greater": what cannot be compared must stay.
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(distance, _mm256_mul_ps(limit, limit), _CMP_NGT_UQ));
}

TARGET size_t kindred_candidates_avx2(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out) {
    size_t found = 0;
    for (size_t block = 0; block < block_count; block++) {
        const uint8_t *codes = blocks + block * KINDRED_BLOCK_BYTES(query->groups);
        __m256i low = _mm256_setzero_si256();
        __m256i high = _mm256_setzero_si256();
        for (size_t group = 0; group < query->groups; group++) {
            int32_t four;
            __builtin_memcpy(&four, query->codes + 4 * group, sizeof four);
            const __m256i part = _mm256_set1_epi32(four);
            const __m256i magnitude = _mm256_abs_epi8(part);
            const __m256i *biased = (const __m256i *)(codes + 64 * group);
            low = add_products(low, _mm256_load_si256(biased), part, magnitude);
            high = add_products(high, _mm256_load_si256(biased + 1), part, magnitude);
        }
        const kindred_block_rows *rows = (const kindred_block_rows *)(codes + 64 * query->groups);
        unsigned mask = kept(query, rows, 0, low, reach) | kept(query, rows, HALF, high, reach) << HALF;
        for (; mask != 0; mask &= mask - 1) {
            out[found++] = (int32_t)(block * KINDRED_BLOCK_ROWS) + __builtin_ctz(mask);
        }
    }
    return found;
}

#endif
