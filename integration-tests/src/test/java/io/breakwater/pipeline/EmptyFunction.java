package io.breakwater.pipeline;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** A function that does nothing with its event, which the runtime client has read for it. */
public final class EmptyFunction implements RequestHandler<Object, String> {
    @Override
    public String handleRequest(Object event, Context context) {
        return "";
    }
}
