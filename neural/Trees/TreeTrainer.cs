using System.Collections.Concurrent;

namespace NeuroDb.Neural;

/// <summary>
/// Trains trees: one (Breiman et al., "Classification and Regression Trees", 1984), a forest
/// (Breiman, "Random Forests", 2001), boosted ones (Friedman, "Greedy Function Approximation",
/// 2001) or an isolation forest (Liu, Ting and Zhou, ICDM 2008). The bits depend on the seed, not
/// on the threads.
/// </summary>
internal static class TreeTrainer
{
    private const int NodesMax = 1 << 24;
    private const int IsolationRows = 256;
    private const int LeafRowsMin = 20;
    private const int LeafShare = 10;

    /// <summary>One tree. Classes is 0 for a regression, whose targets are numbers.</summary>
    public static TreeModel TrainTree(
        ReadOnlyMemory<float> features,
        float[] targets,
        int classes,
        TreeOptions options,
        IWorkers workers)
    {
        int columns = Check(features, targets, classes, options);
        var binned = new BinnedFeatures(features, targets.Length, columns, workers);
        TreeNodes nodes = Plant(binned, targets, classes, options, columns, 0, false);
        return Finish("decision_tree", options with { Trees = 1 }, columns, classes, nodes);
    }

    /// <summary>Trees over drawn rows that try a few features at each split.</summary>
    public static TreeModel TrainForest(
        ReadOnlyMemory<float> features,
        float[] targets,
        int classes,
        TreeOptions options,
        IWorkers workers,
        CancellationToken cancellationToken = default)
    {
        int columns = Check(features, targets, classes, options);
        var binned = new BinnedFeatures(features, targets.Length, columns, workers);
        int tried = classes > 0
            ? (int)Math.Round(Math.Sqrt(columns)) : Math.Max(1, columns / 3);
        var trees = new TreeNodes[options.Trees];
        workers.ForEach(options.Trees, tree =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            trees[tree] = Plant(binned, targets, classes, options, tried, tree, true);
        });
        return Finish("random_forest", options, columns, classes, Join(trees));
    }

    /// <summary>Trees that each improve on those before.</summary>
    public static TreeModel TrainBoosted(
        ReadOnlyMemory<float> features,
        float[] targets,
        int classes,
        TreeOptions options,
        IWorkers workers,
        CancellationToken cancellationToken = default)
    {
        int columns = Check(features, targets, classes, options);
        var binned = new BinnedFeatures(features, targets.Length, columns, workers);
        int fewest = Math.Clamp(targets.Length / LeafShare, 1, LeafRowsMin);
        options = options with { LeafRowsMin = options.LeafRowsMin ?? fewest };
        var boosting = new Boosting(targets, classes, options.ClassWeights);
        var growers = new ConcurrentBag<BoostingGrower>();
        TreeNodes all = new(1);
        for (int round = 0; round < options.Trees; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            boosting.BeginRound();
            all.Append(Join(GrowRound(boosting, binned, options, workers, growers)));
            CheckSize(all);
        }

        return new TreeModel(
            $"gbdt(trees={options.Trees}, depth={options.DepthMax})",
            classes > 0 ? ModelTask.Classifier : ModelTask.Regressor,
            classes > 0 ? TreeJoin.Softmax : TreeJoin.Sum,
            columns,
            all,
            boosting.Start);
    }

    /// <summary>Random trees in which what is unlike the rest is soon alone.</summary>
    public static TreeModel TrainIsolation(
        ReadOnlyMemory<float> features,
        int rowCount,
        TreeOptions options,
        IWorkers workers)
    {
        int columns = Check(features, new float[rowCount], 0, options);
        int size = Math.Min(IsolationRows, rowCount);
        var trees = new TreeNodes[options.Trees];
        workers.ForEach(options.Trees, tree =>
        {
            var grower = new IsolationGrower(
                features, columns, Hash64.Combine(options.Seed, (ulong)tree));
            trees[tree] = grower.Grow(Sample(rowCount, size, options.Seed, tree));
        });
        return new TreeModel(
            $"isolation_forest(trees={options.Trees})",
            ModelTask.Anomaly,
            TreeJoin.Isolation,
            columns,
            Join(trees),
            [0],
            (float)Math.Max(1e-3, IsolationGrower.PathLength(size)));
    }

    /// <summary>A tree for each output; that of two classes is one and its opposite.</summary>
    private static TreeNodes[] GrowRound(
        Boosting boosting,
        BinnedFeatures binned,
        TreeOptions options,
        IWorkers workers,
        ConcurrentBag<BoostingGrower> growers)
    {
        var trees = new TreeNodes[boosting.OutputCount];
        if (trees.Length <= 2)
        {
            GrowTree(0);
            if (trees.Length == 2)
            {
                trees[1] = trees[0].Opposite();
            }
        }
        else
        {
            workers.ForEach(trees.Length, GrowTree);
        }

        return trees;

        void GrowTree(int output)
        {
            BoostingGrower grower = growers.TryTake(out BoostingGrower? idle)
                ? idle : new BoostingGrower(binned, options, workers);
            trees[output] = grower.Grow(boosting, output);
            growers.Add(grower);
        }
    }

    private static TreeNodes Plant(
        BinnedFeatures binned,
        float[] targets,
        int classes,
        TreeOptions options,
        int tried,
        int tree,
        bool isDrawn)
    {
        int outputs = Math.Max(1, classes);
        var sums = new float[targets.Length * outputs];
        for (int i = 0; i < targets.Length; i++)
        {
            if (classes == 0)
            {
                sums[i] = targets[i];
                continue;
            }

            int label = (int)targets[i];
            sums[(i * outputs) + label] =
                options.ClassWeights.Count > 0 ? options.ClassWeights[label] : 1;
        }

        ulong seed = Hash64.Combine(options.Seed, (ulong)tree);
        int[] rows = isDrawn
            ? Draw(targets.Length, seed) : [.. Enumerable.Range(0, targets.Length)];
        var nodes = new TreeNodes(outputs);
        new TreeGrower(binned, nodes, options, sums, tried, seed).Grow(rows);
        return nodes;
    }

    /// <summary>As many rows as there are, some more than once.</summary>
    private static int[] Draw(int count, ulong seed)
    {
        var random = new SeededRandomSource(Hash64.Mix(seed));
        var rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = (int)Math.BigMul(random.NextUInt64(), (ulong)count, out _);
        }

        return rows;
    }

    private static int[] Sample(int count, int size, ulong seed, int tree)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        ArrayExamples.Shuffle(rows, Hash64.Combine(Hash64.Mix(seed), (ulong)tree));
        return rows[..size];
    }

    private static TreeNodes Join(TreeNodes[] trees)
    {
        var all = new TreeNodes(trees[0].OutputCount);
        foreach (TreeNodes nodes in trees)
        {
            all.Append(nodes);
            CheckSize(all);
        }

        return all;
    }

    private static TreeModel Finish(
        string name, TreeOptions options, int columns, int classes, TreeNodes nodes) => new(
            $"{name}(trees={options.Trees}, depth={options.DepthMax})",
            classes > 0 ? ModelTask.Classifier : ModelTask.Regressor,
            TreeJoin.Mean,
            columns,
            nodes,
            new float[Math.Max(1, classes)]);

    private static int Check(
        ReadOnlyMemory<float> features, float[] targets, int classes, TreeOptions options)
    {
        options.Validate();
        if (targets.Length == 0 || features.Length < targets.Length)
        {
            throw NeuralErrors.UntrainableData("There are no rows to train on.");
        }

        return classes == 1
            ? throw NeuralErrors.UntrainableData("All rows are of one class.")
            : features.Length / targets.Length;
    }

    private static void CheckSize(TreeNodes nodes)
    {
        if (nodes.Features.Count >= NodesMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The trees have more than {NodesMax} nodes; use fewer trees or less depth.");
        }
    }
}
