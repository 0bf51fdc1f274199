package io.breakwater.function.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names jobs and bodies by what they are. */
final class JobIdentity {
    private JobIdentity() {}

    /** The id of the tenant's job for this Idempotency-Key; the same for every repeat. */
    static String of(String tenant, String key) {
        return hash(tenant.length() + ":" + tenant + key).substring(0, 32);
    }

    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
