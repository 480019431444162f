#include "tables.h"

size_t kindred_candidates_scalar(
    const kindred_coded_query *query, const uint8_t *blocks, size_t block_count, float reach, int32_t *out) {
    const int32_t excess = kindred_excess_of_bias(query);
    size_t found = 0;
    for (size_t block = 0; block < block_count; block++) {
        const uint8_t *codes = blocks + block * KINDRED_BLOCK_BYTES(query->groups);
        const kindred_block_rows *rows = (const kindred_block_rows *)(codes + 64 * query->groups);
        for (size_t row = 0; row < KINDRED_BLOCK_ROWS; row++) {
            int32_t product = -excess;
            for (size_t i = 0; i < 4 * query->groups; i++) {
                product += codes[i / 4 * 64 + row * 4 + i % 4] * query->codes[i];
            }
            const float square = (query->lowered_square + rows->lowered_square[row]) -
                query->twice_scale * rows->scale[row] * (float)product;
            const float limit = reach + rows->error[row];
            out[found] = (int32_t)(block * KINDRED_BLOCK_ROWS + row);
            // Not `<=`: what cannot be compared must stay.
            found += !(square > limit * limit);
        }
    }
    return found;
}
