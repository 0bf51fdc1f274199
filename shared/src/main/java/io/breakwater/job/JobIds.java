package io.breakwater.job;

import io.breakwater.json.Json;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Ids of jobs: 128 bits as 26 characters of Crockford's base 32, in lower case. And the hash that tells requests apart. */
public final class JobIds {
    private static final String CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 26;
    private static final int BYTES = 16;

    private JobIds() {}

    /** A new id. The generator must not be predictable where ids are handed to others. */
    public static String random(RandomGenerator random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return encoded(bits);
    }

    /** The id of the tenant's job for this Idempotency-Key: the same for every repeat, on every machine. */
    public static String keyed(String tenant, String idempotencyKey) {
        return encoded(Arrays.copyOf(Sha256.of(tenant + "\0" + idempotencyKey), BYTES));
    }

    /**
     * The hash of what is asked for, as {@link Job#bodyHash}. It is taken of the request as understood, so white space,
     * the order of fields and defaults spelled out make no difference.
     */
    public static String bodyHash(JobRequest request) {
        return Sha256.hex(Json.write(request));
    }

    private static String encoded(byte[] bits) {
        BigInteger rest = new BigInteger(1, bits);
        char[] id = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            id[i] = CROCKFORD.charAt(rest.intValue() & 31);
            rest = rest.shiftRight(5);
        }
        return new String(id);
    }
}
