using System.Globalization;
using GradFlow.KillTarget;
using GradFlow.Runs;

// Writes a run as fast as it can until it is killed, and says on each line of standard output how many steps are
// committed for certain. Arguments: the database's path; the seed of the moments at which it flushes. It ends by itself
// only so that it does not fill the disk if nobody is left to kill it.
const int last = 100_000;
var random = new Random(int.Parse(args[1], CultureInfo.InvariantCulture));
using RunWriter writer = RunWriter.Create(args[0], EndlessRun.Header, commitInterval: TimeSpan.FromMilliseconds(3));
for (int step = 0; step < last; step++)
{
    writer.Add(EndlessRun.Step(step));
    if (step % EndlessRun.FrameInterval == 0) writer.Add(EndlessRun.Frame(step));
    if (random.Next(30) != 0) continue;
    writer.Flush();
    Console.Out.WriteLine(step + 1);
    Console.Out.Flush();
}
