package io.breakwater.function;

import com.amazonaws.services.lambda.runtime.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What every line of the log says that is written in one invocation, on its thread and those that it starts. */
public final class InvocationLog implements AutoCloseable {
    public static final String FUNCTION = "function";

    /** Set by Lambda's runtime client, which the SDK reads too, for each invocation that has one. */
    private static final String TRACE_HEADER = "com.amazonaws.xray.traceHeader";

    private static final String ROOT = "Root=";

    private InvocationLog() {}

    public static InvocationLog of(Context context) {
        MDC.put(FUNCTION, context.getFunctionName());
        MDC.put("awsRequestId", context.getAwsRequestId());
        String trace = traceId(System.getProperty(TRACE_HEADER));
        if (trace != null) {
            MDC.put("traceId", trace);
        }
        return new InvocationLog();
    }

    /** Has the lines say which job they are about, until this is closed. */
    public static MDC.MDCCloseable job(String id) {
        return MDC.putCloseable("jobId", id);
    }

    static @Nullable String traceId(@Nullable String header) {
        if (header != null) {
            for (String part : header.split(";", -1)) {
                if (part.startsWith(ROOT)) {
                    return part.substring(ROOT.length());
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        MDC.clear();
    }
}
