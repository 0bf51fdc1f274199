package io.breakwater.result;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A result store in memory, for tests and simulation. Its URLs lead nowhere. */
public final class InMemoryResultStore implements ResultStore {
    private final Map<String, String> objects = new ConcurrentHashMap<>();

    @Override
    public void put(String key, String text) {
        objects.put(key, text);
    }

    @Override
    public String get(String key) {
        return Optional.ofNullable(objects.get(key))
                .orElseThrow(() -> new NoSuchElementException("there is no object " + key));
    }

    @Override
    public URI presign(String key, Duration validity) {
        return URI.create("memory:" + key + "?validity=" + validity);
    }

    /** All objects by their keys. */
    public Map<String, String> objects() {
        return Map.copyOf(objects);
    }
}
