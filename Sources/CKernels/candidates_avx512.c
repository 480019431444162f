#include "tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512vnni,avx2,fma")))

// Blocks whose products are summed side by side: as many independent chains hide the latency of the instruction.
enum { BLOCKS = 4 };

TARGET static inline __m512i query_part(const int8_t *codes, size_t group) {
    int32_t four;
    __builtin_memcpy(&four, codes + 4 * group, sizeof four);
    return _mm512_set1_epi32(four);
}

TARGET static inline __mmask16 kept(
    const kindred_coded_query *query, const kindred_block_rows *rows, __m512i products, float reach) {
    const __m512 slope = _mm512_mul_ps(_mm512_set1_ps(query->twice_scale), _mm512_load_ps(rows->scale));
    const __m512 squares = _mm512_add_ps(_mm512_set1_ps(query->lowered_square), _mm512_load_ps(rows->lowered_square));
    const __m512 distance = _mm512_fnmadd_ps(slope, _mm512_cvtepi32_ps(products), squares);
    const __m512 limit = _mm512_add_ps(_mm512_set1_ps(reach), _mm512_load_ps(rows->error));
    // "Not greater": what cannot be compared must stay.
    return _mm512_cmp_ps_mask(distance, _mm512_mul_ps(limit, limit), _CMP_NGT_UQ);
}

TARGET static inline __attribute__((always_inline)) size_t candidates(
    const kindred_coded_query *query, size_t groups, const uint8_t *blocks, size_t block_count, float reach,
    int32_t *out) {
    const size_t bytes = KINDRED_BLOCK_BYTES(groups);
    const __m512i start = _mm512_set1_epi32(-kindred_excess_of_bias(query));
    size_t found = 0;
    for (size_t block = 0; block < block_count;) {
        const size_t together = block + BLOCKS <= block_count ? BLOCKS : 1;
        const uint8_t *first = blocks + block * bytes;
        __m512i products[BLOCKS] = {start, start, start, start};
        if (together == BLOCKS) {
            for (size_t line = 0; line < BLOCKS * bytes; line += 64) {
                // Asks for the next blocks early; a prefetch behind the last of them does not fault.
                _mm_prefetch((const char *)((uintptr_t)first + 4096 + line), _MM_HINT_T0);
            }
            for (size_t group = 0; group < groups; group++) {
                const __m512i part = query_part(query->codes, group);
                for (int i = 0; i < BLOCKS; i++) {
                    products[i] = _mm512_dpbusd_epi32(
                        products[i], _mm512_load_si512(first + (size_t)i * bytes + 64 * group), part);
                }
            }
        } else {
            for (size_t group = 0; group < groups; group++) {
                products[0] = _mm512_dpbusd_epi32(
                    products[0], _mm512_load_si512(first + 64 * group), query_part(query->codes, group));
            }
        }
        for (size_t i = 0; i < together; i++, block++) {
            const kindred_block_rows *rows = (const kindred_block_rows *)(first + i * bytes + 64 * groups);
            unsigned mask = kept(query, rows, products[i], reach);
            for (; mask != 0; mask &= mask - 1) {
                out[found++] = (int32_t)(block * KINDRED_BLOCK_ROWS) + __builtin_ctz(mask);
            }
        }
    }
    return found;
}

TARGET size_t kindred_candidates_avx512(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out) {
    // The default dimension, known when compiled, unrolls into straight code.
    if (query->groups == 16) return candidates(query, 16, blocks, block_count, reach, out);
    return candidates(query, query->groups, blocks, block_count, reach, out);
}

#endif
