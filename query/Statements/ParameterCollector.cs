namespace NeuroDb.Query;

/// <summary>Finds the parameters of a parsed statement and their names.</summary>
internal static class ParameterCollector
{
    /// <summary>The parameters by ordinal; a number that is skipped is a parameter too.</summary>
    public static IReadOnlyList<ParameterInfo> Collect(StatementSyntax statement)
    {
        var parameters = new ParameterInfo[statement.ParameterCount];
        for (int i = 0; i < parameters.Length; i++)
        {
            string? name = i < statement.ParameterNames.Count ? statement.ParameterNames[i] : null;
            parameters[i] = new ParameterInfo(i, string.IsNullOrEmpty(name) ? null : name);
        }

        return parameters;
    }
}
