using System.Linq;
using Thimble.Cli.Demo;
using Xunit;

namespace Thimble.Tests.Demo;

public sealed class MessageInboxTests
{
    [Fact]
    public void An_abort_leaves_what_was_there_at_the_mark_in_the_middle_of_a_message_too()
    {
        var inbox = new MessageInbox();
        inbox.Begin("one"u8);
        inbox.Write([1]);
        inbox.Mark();
        inbox.Write([2]);
        inbox.End();
        inbox.Begin("two"u8);
        inbox.Mark(); // changes nothing
        inbox.End();
        Assert.False(inbox.TryTake(out _));
        inbox.Abort();
        Assert.False(inbox.TryTake(out _));
        inbox.Write([3]);
        inbox.End();
        Assert.True(inbox.TryTake(out DemoMessage? message));
        Assert.Equal("one", message.Topic);
        Assert.Equal([1, 3], message.Payload);
        Assert.False(inbox.TryTake(out _));
    }

    [Fact]
    public void A_commit_makes_messages_count()
    {
        var inbox = new MessageInbox();
        inbox.Mark();
        inbox.Begin("one"u8);
        inbox.Write([1]);
        inbox.End();
        inbox.Commit();
        inbox.Abort(); // there is nothing to undo
        Assert.True(inbox.TryTake(out DemoMessage? message));
        Assert.Equal([1], message.Payload.ToArray());
    }
}
