package io.breakwater.breaker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A script that runs within Redis, alone and whole.
 *
 * @param sha1 the name by which Redis knows it once it has seen it
 */
record RedisScript(String text, String sha1) {
    /** Reads the script from beside this class. */
    static RedisScript named(String resource) {
        try (InputStream in = RedisScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no script " + resource + " on the class path");
            }
            byte[] text = in.readAllBytes();
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text);
            return new RedisScript(
                    new String(text, StandardCharsets.UTF_8), HexFormat.of().formatHex(hash));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it once: where Redis does not know it yet, after a restart for one, it ran nothing and is sent the text. */
    Object run(UnifiedJedis redis, String key, String... arguments) {
        List<String> keys = List.of(key);
        try {
            return redis.evalsha(sha1, keys, List.of(arguments));
        } catch (JedisNoScriptException e) {
            return redis.eval(text, keys, List.of(arguments));
        }
    }
}
