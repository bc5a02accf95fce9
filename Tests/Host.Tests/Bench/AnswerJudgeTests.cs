using Smc.Host.Bench;
using Smc.Host.CommandLine;

namespace Smc.Host.Tests.Bench;

/// <summary>Answers of which many are the same.</summary>
public sealed class AnswerJudgeTests
{
    private readonly AnswerJudge _judge = new();

    [Fact]
    public void The_same_answer_is_read_through_once()
    {
        for (int i = 0; i < 3; i++) Assert.Equal((1, 1), _judge.Count("""{"count":1,"rows":[{}]}"""u8));
        Assert.Equal(1, _judge.Read);
        Assert.Equal((2, 1), _judge.Count("""{"count":2,"rows":[{}]}"""u8));
        Assert.Equal((1, 1), _judge.Count("""{"count":1,"rows":[{}]}"""u8));
        Assert.Equal(3, _judge.Read);
    }

    [Fact]
    public void One_that_is_no_report_is_told_each_time()
    {
        _judge.Count("""{"count":1,"rows":[{}]}"""u8);
        for (int i = 0; i < 2; i++) Assert.Throws<CommandFailure>(() => _judge.Count("""{"count":1,"rows":[{}]"""u8));
    }
}
