/** What Lambda's event source mapping does for SQS when deployed: messages become invocations of the worker. */
@NullMarked
package io.breakwater.local.queue;

import org.jspecify.annotations.NullMarked;
