namespace GradFlow.Tensors.Tests;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_chunk_is_done_exactly_once(int chunks)
    {
        for (int piece = 0; piece < 5_000; piece++)
        {
            var work = new Counts(chunks);
            Workers.Run(work, chunks);
            work.Done.ShouldAllBe(count => count == 1);
        }
    }

    [Fact]
    public void Work_within_work_is_done_too()
    {
        var inner = new Counts(3);
        Workers.Run(new Calls(_ => Workers.Run(inner, 3)), 4);
        inner.Done.ShouldAllBe(count => count == 4);
    }

    [Fact]
    public void Callers_at_the_same_time_each_get_their_work_done()
    {
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                var work = new Counts(5);
                Workers.Run(work, 5);
                work.Done.ShouldAllBe(count => count == 1);
            }
        });
    }

    [Fact]
    public void What_a_chunk_throws_reaches_the_caller_and_the_next_work_is_done()
    {
        Should.Throw<Exception>(() => Workers.Run(new Calls(_ => throw new ArithmeticException("overflow")), 4))
            .GetBaseException().Message.ShouldBe("overflow");
        var work = new Counts(4);
        Workers.Run(work, 4);
        work.Done.ShouldAllBe(count => count == 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void The_number_of_threads_is_checked(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Workers.Use(threads));

    private sealed class Counts(int chunks) : IChunkedWork
    {
        public int[] Done { get; } = new int[chunks];

        public void Run(int chunk) => Interlocked.Increment(ref Done[chunk]);
    }

    private sealed class Calls(Action<int> call) : IChunkedWork
    {
        public void Run(int chunk) => call(chunk);
    }
}
