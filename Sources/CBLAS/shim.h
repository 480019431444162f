#pragma once
#include <stddef.h>

// The few routines Kindred calls, with 32-bit integers (LP64). Declared here because the header that Debian installs
// depends on which BLAS is the default alternative, and because no LAPACKE header is guaranteed.

enum { CblasRowMajor = 101, CblasColMajor = 102 };
enum { CblasNoTrans = 111, CblasTrans = 112 };
enum { CblasUpper = 121, CblasLower = 122 };

// C = alpha * op(A) * op(B) + beta * C
void cblas_dgemm(int order, int transposeA, int transposeB, int m, int n, int k, double alpha, const double *a, int lda,
                 const double *b, int ldb, double beta, double *c, int ldc);

// C = alpha * A * A' + beta * C, or with A' * A; only the named triangle of C is written
void cblas_dsyrk(int order, int triangle, int transpose, int n, int k, double alpha, const double *a, int lda,
                 double beta, double *c, int ldc);

// Eigenvalues and eigenvectors of a symmetric matrix, column-major. gfortran passes the lengths of the three character
// arguments after all the others.
void dsyevr_(const char *job, const char *range, const char *triangle, const int *n, double *a, const int *lda,
             const double *lower, const double *upper, const int *first, const int *last, const double *tolerance,
             int *found, double *values, double *vectors, const int *ldz, int *support, double *work, const int *lwork,
             int *iwork, const int *liwork, int *info, size_t job_length, size_t range_length, size_t triangle_length);

void openblas_set_num_threads(int threads);
