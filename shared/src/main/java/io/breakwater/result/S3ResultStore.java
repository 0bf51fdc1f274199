package io.breakwater.result;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.NoSuchElementException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The results bucket in S3. The client may retry: every put of a key puts the same text. */
public final class S3ResultStore implements ResultStore {
    private static final String JSON = "application/json";

    private final S3Client client;
    private final S3Presigner presigner;
    private final String bucket;

    public S3ResultStore(S3Client client, S3Presigner presigner, String bucket) {
        this.client = client;
        this.presigner = presigner;
        this.bucket = bucket;
    }

    @Override
    public void put(String key, String text) {
        client.putObject(
                put -> put.bucket(bucket)
                        .key(key)
                        .contentType(key.startsWith(PROMPTS) || key.startsWith(POISON) ? JSON : RESULT_CONTENT_TYPE),
                RequestBody.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String get(String key) {
        try {
            return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
        } catch (NoSuchKeyException e) {
            throw new NoSuchElementException("there is no object " + key + " in bucket " + bucket, e);
        }
    }

    @Override
    public URI presign(String key, Duration validity) {
        return URI.create(presigner
                .presignGetObject(presign -> presign.signatureDuration(validity)
                        .getObjectRequest(get -> get.bucket(bucket).key(key)))
                .url()
                .toString());
    }
}
