package io.breakwater.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a tenant's jobs ended, as opaque text: the last job's place in the order, with a digest that binds it
 * to the tenant and shows damage. It guards no secret: a listing reads its own tenant's jobs whatever the cursor says.
 */
final class ListCursor {
    private static final int DIGEST_BYTES = 6;
    private static final String INVALID =
            "cursor is not one of this caller's listings: use the cursor of the page before, unchanged";

    private ListCursor() {}

    static String after(String tenant, String order) {
        byte[] text = order.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(digest(tenant, order), DIGEST_BYTES + text.length);
        System.arraycopy(text, 0, bytes, DIGEST_BYTES, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The place after which to go on; empty to begin at the newest. */
    static Optional<String> start(String tenant, @Nullable String cursor) {
        if (cursor == null) {
            return Optional.empty();
        }
        byte[] bytes = decoded(cursor);
        String order = new String(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES, StandardCharsets.UTF_8);
        if (!after(tenant, order).equals(cursor)) {
            throw new IllegalArgumentException(INVALID);
        }
        return Optional.of(order);
    }

    static int checked(int limit) {
        if (limit < 1 || limit > JobStore.MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + JobStore.MAX_LIMIT + ", was " + limit);
        }
        return limit;
    }

    private static byte[] decoded(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length > DIGEST_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(INVALID, e);
        }
        throw new IllegalArgumentException(INVALID);
    }

    private static byte[] digest(String tenant, String order) {
        return Arrays.copyOf(Sha256.of(tenant + "\0" + order), DIGEST_BYTES);
    }
}
