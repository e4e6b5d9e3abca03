using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Query;

/// <summary>
/// Rows that an operator put on disk, part by part: what was put there last comes first, so that
/// parts of parts are done before the next part. Owns the files until they are read.
/// </summary>
internal sealed class SpilledParts(ExecutionContext context) : IDisposable
{
    private readonly Stack<(SpillPartitions Parts, int Next, int Level)> _parts = [];

    /// <summary>Takes over parts that were made at a level, the input being level 0.</summary>
    public void Push(SpillPartitions parts, int level) => _parts.Push((parts, 0, level));

    /// <summary>Opens the next part, which is a level deeper; false if there is none.</summary>
    public bool TryOpen([NotNullWhen(true)] out BatchCursor? part, out int level)
    {
        while (_parts.TryPeek(out var next))
        {
            context.ThrowIfCancelled();
            _ = _parts.Pop();
            if (next.Next == SpillPartitions.Count)
            {
                next.Parts.Dispose();
                continue;
            }

            _parts.Push((next.Parts, next.Next + 1, next.Level));
            part = next.Parts.Open(next.Next);
            level = next.Level + 1;
            return true;
        }

        (part, level) = (null, 0);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_parts.TryPop(out var part))
        {
            part.Parts.Dispose();
        }
    }
}
