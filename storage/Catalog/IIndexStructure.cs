namespace NeuroDb.Storage;

/// <summary>
/// What an index keeps beside its definition; made when it is first asked for and kept with the
/// entry of the catalog. It holds nothing that cannot be built again from the rows of the table,
/// and answers for any snapshot.
/// </summary>
internal interface IIndexStructure
{
    /// <summary>Figures of this moment for neuro.index_stats.</summary>
    IndexStatistics Statistics();

    /// <summary>
    /// Builds what is missing for the rows of this moment, so that the first query does not have
    /// to; what it finds damaged or stale it builds again. Runs beside transactions.
    /// </summary>
    void Build(CancellationToken cancellation);
}
