namespace NeuroDb.Neural;

/// <summary>
/// The guess of links without any training: who has the neighbours in common that few others have
/// (Adamic and Adar, "Friends and neighbors on the Web", Social Networks 25, 2003); of equals, who
/// has more edges.
/// </summary>
internal sealed class LinkGuess(EdgeGraph graph)
{
    private const double Little = 1e-9;

    /// <summary>The score of a link between two nodes.</summary>
    public double Score(int from, int to)
    {
        ReadOnlySpan<int> first = graph.NeighboursOf(from);
        ReadOnlySpan<int> second = graph.NeighboursOf(to);
        double score = Little * graph.WeightOf(to);
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            if (first[i] == second[j])
            {
                // A common neighbour has two edges at least; of a directed graph perhaps one.
                score += 1 / Math.Log(1 + Math.Max(2, graph.NeighboursOf(first[i]).Length));
                i++;
                j++;
            }
            else if (first[i] < second[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return score;
    }
}
