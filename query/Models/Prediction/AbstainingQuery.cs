namespace NeuroDb.Query;

/// <summary>
/// The number of an execution that left rows out; the same for all its contracts.
/// </summary>
internal sealed class AbstainingQuery
{
    private readonly Lock _gate = new();
    private long _number;

    /// <summary>The number, given when it is first asked for; then a notice says it.</summary>
    public long NumberOf(ExecutionContext context)
    {
        lock (_gate)
        {
            if (_number == 0)
            {
                _number = context.Models.Abstained.NewQuery();
                context.Notices.Add(
                    "Rows that a model was not sure enough of were left out: SELECT * FROM "
                    + $"neuro.abstained WHERE query_id = {_number}.");
            }

            return _number;
        }
    }
}
