package io.breakwater.pipeline;

import io.breakwater.local.engine.RequestCounter;
import java.util.Map;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Counts what every client of the SDK in this JVM sends; the SDK finds it by a resource on the class path. */
public final class SentRequests implements ExecutionInterceptor {
    private static final RequestCounter ALL = new RequestCounter();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        ALL.beforeTransmission(context, attributes);
    }

    /** What was sent so far, by service and operation: {@code DynamoDb.PutItem}. */
    static Map<String, Integer> counts() {
        return ALL.counts();
    }
}
