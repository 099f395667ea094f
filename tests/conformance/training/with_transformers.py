"""A BERT of a few hundred weights, trained by transformers' `Trainer` and logged by its `MLflowCallback`."""

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
from transformers.integrations import MLflowCallback

torch.manual_seed(0)
config = BertConfig(
    vocab_size=20,
    hidden_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=8,
    max_position_embeddings=8,
)
rows = [{"input_ids": torch.randint(0, 20, (6,)), "labels": torch.tensor(one % 2)} for one in range(16)]
trainer = Trainer(
    model=BertForSequenceClassification(config),
    args=TrainingArguments(
        output_dir="out",
        run_name="tiny",
        num_train_epochs=2,
        per_device_train_batch_size=4,
        logging_steps=1,
        eval_strategy="epoch",
        save_strategy="epoch",
        report_to=["mlflow"],
        use_cpu=True,
        disable_tqdm=True,
    ),
    train_dataset=rows,
    eval_dataset=rows,
)
assert any(isinstance(one, MLflowCallback) for one in trainer.callback_handler.callbacks)
trainer.train()
import mlflow  # noqa: E402 -- as users do who ask for the run afterwards

print("run", mlflow.last_active_run().info.run_id)
