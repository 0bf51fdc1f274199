package io.breakwater.result;

import java.net.URI;
import java.time.Duration;

/** Objects of text in the results bucket: answers, and prompts too large for a table item. */
public interface ResultStore {
    void put(String key, String text);

    /**
     * The text stored under the key.
     *
     * @throws java.util.NoSuchElementException when there is no such object
     */
    String get(String key);

    /** A URL by which anyone who holds it may read the object for this long. */
    URI presign(String key, Duration validity);
}
