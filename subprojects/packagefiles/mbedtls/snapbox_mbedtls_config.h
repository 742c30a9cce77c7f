/* snapbox_mbedtls_config.h - what of mbedTLS is built
 *
 * Digests and RSA PKCS#1 v1.5 verification, nothing else. Keys of up to 8192
 * bits are in use; the numbers in between may be twice as long.
 */
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MD_C
#define MBEDTLS_OID_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_RSA_C
#define MBEDTLS_SHA224_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA3_C
#define MBEDTLS_SHA512_C

#define MBEDTLS_MPI_MAX_SIZE 2048
