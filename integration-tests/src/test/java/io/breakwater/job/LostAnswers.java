package io.breakwater.job;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Turns the first answer to each write that succeeded into a 500, so that the SDK sends the write again. */
final class LostAnswers implements ExecutionInterceptor {
    private static final ExecutionAttribute<Boolean> LOST = new ExecutionAttribute<>("LostAnswers.lost");

    @Override
    public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        boolean write = context.request() instanceof PutItemRequest || context.request() instanceof UpdateItemRequest;
        if (!write || !context.httpResponse().isSuccessful() || attributes.getAttribute(LOST) != null) {
            return context.httpResponse();
        }
        attributes.putAttribute(LOST, true);
        return context.httpResponse().copy(response -> response.statusCode(500));
    }
}
