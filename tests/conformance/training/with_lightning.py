"""A tiny regression, trained by Lightning and logged by its `MLFlowLogger`."""

import lightning
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.loggers import MLFlowLogger
from torch.utils.data import DataLoader, TensorDataset


class Line(lightning.LightningModule):
    def __init__(self, rate=0.05, width=1):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(width, 1)

    def training_step(self, batch, _):
        inputs, targets = batch
        loss = torch.nn.functional.mse_loss(self.layer(inputs), targets)
        self.log("train_loss", loss, on_step=True, on_epoch=False)
        return loss

    def validation_step(self, batch, _):
        inputs, targets = batch
        self.log("val_loss", torch.nn.functional.mse_loss(self.layer(inputs), targets))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.hparams.rate)


torch.manual_seed(0)
inputs = torch.linspace(-1, 1, 64).reshape(-1, 1)
data = TensorDataset(inputs, 3 * inputs + 1)
logger = MLFlowLogger(experiment_name="lightning", run_name="line", tags={"team": "a"}, log_model=True)
trainer = lightning.Trainer(
    max_epochs=3,
    logger=logger,
    callbacks=[ModelCheckpoint(monitor="val_loss", dirpath="checkpoints")],
    log_every_n_steps=1,
    accelerator="cpu",
    enable_progress_bar=False,
    enable_model_summary=False,
)
trainer.fit(Line(), DataLoader(data, batch_size=16), DataLoader(data, batch_size=64))
print("run", logger.run_id)
