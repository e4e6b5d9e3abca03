using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What is stored of how a version was trained: a line for each pass, and where log_every asks for
/// them, lines within passes.
/// </summary>
internal static class TrainingLog
{
    /// <summary>The most lines within passes that are kept of one training.</summary>
    public const int StepsMax = 100_000;

    private const int StepOrdinal = 1;

    /// <summary>Stores the lines of a version.</summary>
    public static void Write(
        string identity, IReadOnlyList<TrainingProgress> lines, StorageTransaction transaction)
    {
        long number = 0;
        foreach (TrainingProgress line in lines)
        {
            if (line.IsEpochEnd)
            {
                ModelTables.Insert(
                    ModelTables.Log, transaction, [Value.Of(identity), .. ValuesOf(line)]);
                continue;
            }

            ModelTables.Insert(
                ModelTables.Steps,
                transaction,
                Value.Of(identity),
                Value.Of(++number),
                Value.Of((long)line.Epoch),
                Value.Of(line.Step),
                Value.Of(line.Loss),
                Value.Of(line.LearningRate),
                Value.Of(line.RowsPerSecond),
                Value.Of(line.Seconds));
        }
    }

    /// <summary>The lines of a version in the order of their steps, from the pass on.</summary>
    public static IEnumerable<Value[]> RowsOf(string identity, StorageTransaction transaction) =>
        ModelTables.RowsOf(ModelTables.Steps, transaction, identity, 1)
            .Select(static row => new[]
            {
                row[2], row[3], row[4], Value.Null, Value.Null, row[5], row[6], row[7],
                Value.Of(false),
            })
            .Concat(ModelTables.RowsOf(ModelTables.Log, transaction, identity, 1)
                .Select(static row => row[1..]))
            .OrderBy(static row => row[0].AsInt64())
            .ThenBy(static row => row[StepOrdinal].AsInt64());

    /// <summary>Removes the lines of a version.</summary>
    public static void Delete(string identity, StorageTransaction transaction)
    {
        ModelTables.Delete(ModelTables.Log, transaction, identity, 1);
        ModelTables.Delete(ModelTables.Steps, transaction, identity, 1);
    }

    /// <summary>The values of a line, from its pass on.</summary>
    public static Value[] ValuesOf(TrainingProgress line) =>
    [
        Value.Of((long)line.Epoch), Value.Of(line.Step), Value.Of(line.Loss),
        line.ValidationLoss is double loss ? Value.Of(loss) : Value.Null,
        line.ValidationAccuracy is double accuracy ? Value.Of(accuracy) : Value.Null,
        Value.Of(line.LearningRate), Value.Of(line.RowsPerSecond), Value.Of(line.Seconds),
        Value.Of(line.IsBest),
    ];
}
