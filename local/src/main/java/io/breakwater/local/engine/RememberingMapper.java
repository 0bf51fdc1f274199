package io.breakwater.local.engine;

import com.adobe.testing.s3mock.s3.model.BucketMetadata;
import java.io.File;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * S3Mock's JSON mapper with a memory for buckets. S3Mock keeps a bucket's keys in one file, which it reads whole with
 * each request and writes whole with each put, so that after a few thousand results it does little else. It is the only
 * one to write there and holds a lock meanwhile, so what it wrote last is what it would read.
 */
final class RememberingMapper extends JsonMapper {
    private final transient Map<File, BucketMetadata> buckets = new ConcurrentHashMap<>();
    private final boolean writeThrough;

    /**
     * A mapper that behaves as the original does with everything but buckets.
     *
     * @param writeThrough whether the files are written all the same, to be read after a restart
     */
    RememberingMapper(JsonMapper original, boolean writeThrough) {
        super(original.rebuild());
        this.writeThrough = writeThrough;
    }

    @Override
    public <T> T readValue(File file, Class<T> type) {
        return type == BucketMetadata.class
                ? type.cast(buckets.computeIfAbsent(file, missing -> super.readValue(missing, BucketMetadata.class)))
                : super.readValue(file, type);
    }

    @Override
    public void writeValue(File file, Object value) {
        boolean isNew = !(value instanceof BucketMetadata bucket) || buckets.put(file, bucket) == null;
        if (isNew || writeThrough) {
            super.writeValue(file, value);
        }
    }
}
