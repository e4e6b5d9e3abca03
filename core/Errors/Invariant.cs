using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Checks of what must always hold, compiled into every build. A broken invariant is a defect of
/// the engine: the storage layer stops the open database, because stopping is better than
/// corrupting.
/// </summary>
internal static class Invariant
{
    /// <summary>
    /// Raises <see cref="ErrorCode.InvariantBroken"/> unless the condition holds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string rule = "")
    {
        if (!condition)
        {
            throw Broken(rule);
        }
    }

    /// <summary>The error for a rule that does not hold.</summary>
    public static NeuroStoreException Broken(string rule) =>
        new(
            ErrorCode.InvariantBroken,
            $"An invariant of the engine is broken: {rule}. This is a defect of NeuroStore; "
            + "no data was changed, close the database and open it again.");
}
