using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Graphs of edges, walks along them, and vectors of their nodes.</summary>
public sealed class GraphTests
{
    // 0 - 1 - 2, 0 - 2, 2 - 3: behind the step 0 -> 2, node 1 is near 0 and node 3 is not.
    private static readonly (int, int, double)[] Kite =
        [(0, 1, 1), (1, 2, 1), (0, 2, 1), (2, 3, 1)];

    [Fact]
    public void Edges_lead_both_ways_unless_they_are_directed()
    {
        var both = new EdgeGraph(4, Kite, isDirected: false);
        Assert.Equal([0, 1, 3], both.NeighboursOf(2).ToArray());
        Assert.True(both.IsLinked(3, 2));
        Assert.Equal(3, both.WeightOf(2));
        var one = new EdgeGraph(4, Kite, isDirected: true);
        Assert.Equal([3], one.NeighboursOf(2).ToArray());
        Assert.False(one.IsLinked(3, 2));
        Assert.Equal(-1, one.Draw(3, 0.5));
    }

    [Fact]
    public void Neighbours_are_drawn_by_the_weights_of_their_edges()
    {
        var graph = new EdgeGraph(3, [(0, 1, 1), (0, 2, 3)], isDirected: true);
        Assert.Equal(1, graph.Draw(0, 0));
        Assert.Equal(1, graph.Draw(0, 0.249));
        Assert.Equal(2, graph.Draw(0, 0.251));
        Assert.Equal(2, graph.Draw(0, 0.999_999));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 0.5)]
    [InlineData(0.25, 2)]
    public void Walks_come_back_and_go_far_as_they_are_asked_to(double p, double q)
    {
        var graph = new EdgeGraph(4, Kite, isDirected: false);
        var walks = new GraphWalks(graph, 50, p, q, 1);
        var steps = new int[4];
        for (int pass = 1; pass <= 400; pass++)
        {
            SparseMatrix walked = walks.Walk(pass, default);
            for (int walk = 0; walk < walked.RowCount; walk++)
            {
                ReadOnlySpan<int> nodes = walked.Columns(walk);
                for (int i = 2; i < nodes.Length; i++)
                {
                    if (nodes[i - 2] == 0 && nodes[i - 1] == 2)
                    {
                        steps[nodes[i]]++;
                    }
                }
            }
        }

        double all = (1 / p) + 1 + (1 / q);
        double[] expected = [1 / p / all, 1 / all, 0, 1 / q / all];
        for (int node = 0; node < 4; node++)
        {
            Assert.Equal(expected[node], steps[node] / (double)steps.Sum(), 0.02);
        }
    }

    [Fact]
    public void A_walk_ends_where_no_edge_leads_on()
    {
        var graph = new EdgeGraph(3, [(0, 1, 1), (1, 2, 1)], isDirected: true);
        SparseMatrix walks = new GraphWalks(graph, 10, 1, 1, 1).Walk(1, default);
        Assert.Equal(3, walks.RowCount);
        Assert.Equal(
            ["0 1 2", "1 2", "2"],
            Enumerable.Range(0, 3).Select(walk => string.Join(' ', walks.Columns(walk).ToArray()))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Common_neighbours_count_the_more_the_fewer_edges_they_have()
    {
        // 1 and 2 share a friend that few have, 1 and 3 one that many have.
        var graph = new EdgeGraph(
            8,
            [
                (1, 4, 1), (2, 4, 1), (1, 5, 1), (3, 5, 1), (5, 6, 1), (5, 7, 1), (5, 0, 1),
            ],
            isDirected: false);
        var guess = new LinkGuess(graph);
        Assert.True(guess.Score(1, 2) > guess.Score(1, 3));
        Assert.True(guess.Score(1, 3) > guess.Score(4, 6));
    }

    [Fact]
    public void Vectors_of_nodes_come_back_from_their_file_and_others_are_refused()
    {
        Tensor nodes = Tensor.Create("nodes", 3, 2);
        nodes.Data.Span[4] = 7;
        var model = new NodeModel("node2vec(dim=2)", nodes, Tensor.Create("weights", 3));
        var package = new ModelPackage(
            model, null, ["a", "b", "c"], new Dictionary<string, string>());
        var read = (NodeModel)ModelFile.Read(ModelFile.Write(package)).Model;
        Assert.Equal([7, 0], read.VectorOf(2).ToArray());
        var outputs = new float[4];
        read.Predict(new float[] { 2, -1 }, 2, outputs);
        Assert.Equal([7, 0, 0, 0], outputs);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => NodeModel.FromTensors("node2vec", new Dictionary<string, Tensor>
            {
                ["nodes"] = nodes,
                ["weights"] = Tensor.Create("weights", 2),
            }));
        Assert.Equal(ErrorCode.MalformedModel, error.Code);
    }
}
