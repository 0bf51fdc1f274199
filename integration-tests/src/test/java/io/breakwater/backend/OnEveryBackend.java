package io.breakwater.backend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the suite that passes on every backend: with {@code breakwater.aws.endpoint} Maven runs these alone. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("every-backend")
@ExtendWith({BackendAvailable.class, SharedStack.class})
public @interface OnEveryBackend {}
