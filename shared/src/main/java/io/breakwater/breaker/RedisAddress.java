package io.breakwater.breaker;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Redis or Valkey is and how to log in. Shows no password when printed.
 *
 * @param tls whether to speak TLS, and to a server with a certificate for this host only
 * @param user empty for the default user
 * @param database 0 unless told otherwise
 */
public record RedisAddress(
        String host, int port, boolean tls, Optional<String> user, Optional<String> password, int database) {
    public static final String FORM = "redis://[[user]:password@]host[:port][/database], or rediss:// for TLS";

    private static final int DEFAULT_PORT = 6379;
    private static final int MAX_PORT = 65_535;
    private static final Pattern DATABASE = Pattern.compile("/?|/(\\d{1,5})");

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException when it is not of the {@link #FORM}; says so without the URL, which may hold a
     *     password
     */
    public static RedisAddress parse(String url) {
        URI uri = uri(url);
        String scheme = String.valueOf(uri.getScheme());
        Matcher database = DATABASE.matcher(String.valueOf(uri.getPath()));
        String[] login = uri.getUserInfo() == null
                ? new String[] {"", ""}
                : uri.getUserInfo().split(":", 2);
        if (!scheme.matches("rediss?")
                || uri.getHost() == null
                || uri.getPort() > MAX_PORT
                || uri.getQuery() != null
                || uri.getFragment() != null
                || login.length != 2
                || !database.matches()) {
            throw malformed();
        }
        return new RedisAddress(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                scheme.equals("rediss"),
                Optional.of(login[0]).filter(user -> !user.isEmpty()),
                Optional.of(login[1]).filter(password -> !password.isEmpty()),
                database.group(1) == null ? 0 : Integer.parseInt(database.group(1)));
    }

    private static URI uri(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException _) {
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("not of the form " + FORM);
    }

    @Override
    public String toString() {
        return "%s://%s:%d/%d".formatted(tls ? "rediss" : "redis", host, port, database);
    }
}
