#pragma once

#include "CKernels.h"

extern const kindred_kernels kindred_kernels_scalar;
size_t kindred_candidates_scalar(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out);

#if defined(__x86_64__)
extern const kindred_kernels kindred_kernels_avx2;
size_t kindred_candidates_avx2(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out);

extern const kindred_kernels kindred_kernels_avx512;
size_t kindred_candidates_avx512(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out);
#endif

// What follows the codes of a block.
typedef struct {
    float scale[KINDRED_BLOCK_ROWS];
    float lowered_square[KINDRED_BLOCK_ROWS];
    float error[KINDRED_BLOCK_ROWS];
} kindred_block_rows;

// Stored codes are biased to be unsigned: Σ (code + 128) · q exceeds Σ code · q by this.
static inline int32_t kindred_excess_of_bias(const kindred_coded_query *query) {
    int32_t sum = 0;
    for (size_t i = 0; i < 4 * query->groups; i++) sum += query->codes[i];
    return 128 * sum;
}
